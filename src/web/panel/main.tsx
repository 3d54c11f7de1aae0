import { createRoot } from 'react-dom/client'
import { createBrowserRouter, RouterProvider } from 'react-router'
import './panel.css'
import { routes } from './routes.tsx'

const app = document.getElementById('app')
if (app) createRoot(app).render(<RouterProvider router={createBrowserRouter(routes)} />)
